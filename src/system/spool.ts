import path from 'node:path';
import { createDurably, writeDurably } from './durableFile.ts';
import type { Identity } from './processIdentity.ts';
import { readIfThere } from './readIfThere.ts';

/** Names one session in the spool: the polecat's id and its fencing token. */
export interface SessionKey {
  readonly polecat: string;
  readonly token: number;
}

/** `<polecat>.<token>.start.json`: a claim, made before anything is started; who finds one starts nothing. */
export interface StartRecord extends SessionKey {
  /** The terminal's process; null when the session was forbidden instead of started. */
  readonly shim: Identity | null;
  /** The agent; null until it runs, and for ever when it could not be started. */
  readonly child: Identity | null;
  /** UTC ms. */
  readonly at: number;
}

/** `<polecat>.<token>.exit.json`: how the agent ended. */
export interface ExitRecord extends SessionKey {
  readonly code: number | null;
  readonly signal: string | null;
  /** The system's error code when the program could not be started at all. */
  readonly startError: string | null;
  /** UTC ms. */
  readonly at: number;
}

/** Claims a session for this process alone; false when it was started or forbidden before. */
export async function claimStart(folder: string, record: StartRecord): Promise<boolean> {
  return createDurably(fileOf(folder, record, 'start'), print(record));
}

/** Completes a claim of one's own with the agent that runs under it. */
export async function writeStart(folder: string, record: StartRecord): Promise<void> {
  await writeDurably(fileOf(folder, record, 'start'), print(record));
}

export async function writeExit(folder: string, record: ExitRecord): Promise<void> {
  await writeDurably(fileOf(folder, record, 'exit'), print(record));
}

/** Null: no such record. Throws when the file is there and damaged. */
export async function readStart(folder: string, key: SessionKey): Promise<StartRecord | null> {
  const text = await readIfThere(fileOf(folder, key, 'start'));
  return text === null ? null : read(text, asStart);
}

/** Null: no such record. Throws when the file is there and damaged. */
export async function readExit(folder: string, key: SessionKey): Promise<ExitRecord | null> {
  const text = await readIfThere(fileOf(folder, key, 'exit'));
  return text === null ? null : read(text, asExit);
}

const recordName = /^[a-z0-9-]+\.\d+\.(start|exit)\.json$/;

/** Whether a file of the spool is a record of that session; a draft of one is none. */
export function isRecordOf(name: string, { polecat, token }: SessionKey): boolean {
  return recordName.test(name) && name.startsWith(`${polecat}.${String(token)}.`);
}

function fileOf(folder: string, { polecat, token }: SessionKey, kind: 'start' | 'exit'): string {
  const name = `${polecat}.${String(token)}.${kind}.json`;
  if (!recordName.test(name)) throw new Error(`not a session: ${JSON.stringify(name)}`);
  return path.join(folder, name);
}

function print(record: StartRecord | ExitRecord): string {
  return `${JSON.stringify(record)}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

function read<T>(text: string, as: (fields: Fields) => T): T {
  const value: unknown = JSON.parse(text);
  if (!isFields(value)) throw new Error('not a record');
  return as(value);
}

function asStart(fields: Fields): StartRecord {
  return {
    ...asKey(fields),
    shim: asIdentity(fields['shim']),
    child: asIdentity(fields['child']),
    at: asNumber(fields['at']),
  };
}

function asExit(fields: Fields): ExitRecord {
  return {
    ...asKey(fields),
    code: fields['code'] === null ? null : asNumber(fields['code']),
    signal: fields['signal'] === null ? null : asText(fields['signal']),
    startError: fields['startError'] === null ? null : asText(fields['startError']),
    at: asNumber(fields['at']),
  };
}

function asKey(fields: Fields): SessionKey {
  return { polecat: asText(fields['polecat']), token: asNumber(fields['token']) };
}

function asIdentity(value: unknown): Identity | null {
  if (value === null) return null;
  if (!isFields(value)) throw new Error('not an identity');
  return { pid: asNumber(value['pid']), startTime: asText(value['startTime']) };
}

function asNumber(value: unknown): number {
  if (typeof value !== 'number') throw new Error('not a number');
  return value;
}

function asText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('not a text');
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
