import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../system/errorCode.ts';
import { writeDurably } from '../system/durableFile.ts';
import { readIfThere } from '../system/readIfThere.ts';

/** How one conflict was settled, as git remembers it: its lines before, and what was made of them. */
export interface Lesson {
  /** Git's name for the conflict: of both sides' lines, whatever their file and order. */
  readonly conflict: string;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** What is kept of those that were used last; git itself lets go of one after sixty days without use. */
const mostLessons = 500;
const mostBytes = 1024 * 1024;
const conflictName = /^[0-9a-f]{40,64}$/;

/** Which lesson it is: of another settlement of the same conflict it differs. */
export function lessonName({ conflict, after }: Pick<Lesson, 'conflict' | 'after'>): string {
  return `${conflict}-${createHash('sha256').update(after).digest('hex').slice(0, 16)}`;
}

/** Null: none is known, or it cannot be read any more, which is the same. */
export async function readLesson(memory: string, conflict: string): Promise<Lesson | null> {
  if (!conflictName.test(conflict)) return null;
  const text = await readIfThere(fileOf(memory, conflict));
  return text === null ? null : lessonIn(conflict, text);
}

function lessonIn(conflict: string, text: string): Lesson | null {
  const [before, after, ...more] = text.split('\n');
  if (before === undefined || after === undefined || more.join('') !== '') return null;
  return { conflict, before: Buffer.from(before, 'base64'), after: Buffer.from(after, 'base64') };
}

/** Written in one step, so that whoever is killed in the middle leaves the old one or the new one. */
export async function keepLesson(memory: string, lesson: Lesson): Promise<boolean> {
  const { conflict, before, after } = lesson;
  if (!conflictName.test(conflict) || before.length + after.length > mostBytes) return false;
  await mkdir(memory, { recursive: true });
  const text = `${before.toString('base64')}\n${after.toString('base64')}\n`;
  if ((await readIfThere(fileOf(memory, conflict))) === text) return false;
  await writeDurably(fileOf(memory, conflict), text);
  await letGoOfOld(memory);
  return true;
}

/** It was of use just now. */
export async function touchLesson(memory: string, conflict: string, now: Date): Promise<void> {
  await unlessGone(utimes(fileOf(memory, conflict), now, now));
}

export async function dropLesson(memory: string, conflict: string): Promise<void> {
  if (conflictName.test(conflict)) await rm(fileOf(memory, conflict), { force: true });
}

async function letGoOfOld(memory: string): Promise<void> {
  const names = await readdir(memory);
  if (names.length <= mostLessons) return;
  const times = await Promise.all(
    names.map(async (name) => ({ name, at: await timeOf(path.join(memory, name)) })),
  );
  const old = times.toSorted((a, b) => a.at - b.at).slice(0, names.length - mostLessons);
  for (const { name } of old) await rm(path.join(memory, name), { force: true });
}

async function timeOf(file: string): Promise<number> {
  const found = await unlessGone(stat(file));
  return found?.mtimeMs ?? 0;
}

/** Another window may have let go of it. */
async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function fileOf(memory: string, conflict: string): string {
  return path.join(memory, conflict);
}
