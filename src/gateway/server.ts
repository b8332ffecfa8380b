import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo, ListenOptions, Socket } from 'node:net';
import type { Followed, Wish } from '../foreman/control.ts';
import type { Desk } from '../ports/desk.ts';
import type { RunCommand } from './command.ts';
import { type FollowLimits, usualFollowLimits } from './follow.ts';
import { ensurePersonToken, prepareHome, removeDoor, stateFolderOf, writeDoor } from './home.ts';
import { CallLimits, type Limits, usualLimits } from './limits.ts';
import { onceEach } from './onceEach.ts';
import { newDoorKey } from './proof.ts';
import { type DoorFile, protocolVersion } from './protocol.ts';
import { type Context, answerTo, respond } from './respond.ts';
import { SharedRuns } from './sharedRuns.ts';
import { socketFolders, socketPlace } from './socketPlace.ts';
import { Strangers } from './strangers.ts';
import type { TokenBook } from './tokens.ts';

export interface DoorParts {
  /** The folder that `RIGS_HOME` names. */
  readonly home: string;
  readonly desk: Desk;
  /** What windows follow, and where a person's wishes go. */
  readonly rig: Followed;
  /** Runs command lines that shells hand over. */
  readonly run: RunCommand;
  readonly tokens: Pick<TokenBook, 'holderOf'>;
  /** The owner's. */
  readonly epoch: number;
  /** Told of what is our own mistake; the caller only hears that it failed. */
  readonly onError?: (error: unknown) => void;
  readonly limits?: Limits;
  readonly followLimits?: FollowLimits;
  /** Folders in which its socket may stand (`socketFolders`). */
  readonly sockets?: readonly string[];
  /** How often who waits at the socket is looked after, in ms. */
  readonly lookAfterMs?: number;
}

export interface Door {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  /** Path of its Unix socket; null where there is none. */
  readonly socket: string | null;
  /** Never rejects. */
  close(): Promise<void>;
}

/** For a request to arrive; answers may take hours. */
const arrivalMs = 30_000;

/**
 * Opens the door for agents, the command line and other windows: HTTP on the loopback interface, its address in
 * `door.json`. Where there are Unix sockets, a second way in for shells, whose only programs at hand (nc, curl) could
 * not ask a port for its proof: a socket in a folder of the person's own needs none.
 */
export async function openDoor(parts: DoorParts): Promise<Door> {
  await prepareHome(parts.home);
  const person = await ensurePersonToken(parts.home);
  const tcp = await listen({ host: '127.0.0.1', port: 0 });
  const host = `127.0.0.1:${String((tcp.address() as AddressInfo).port)}`;
  const socket = await listenAtSocket(parts);
  const servers = socket === null ? [tcp] : [tcp, socket.server];
  const door: DoorFile = {
    version: protocolVersion,
    address: `http://${host}`,
    epoch: parts.epoch,
    key: newDoorKey(),
    socket: socket?.place ?? null,
  };
  const context: Context = {
    ...parts,
    inside: { ...parts, wish: onceEach((wish: Wish) => answerTo(parts.rig, wish)) },
    person,
    host,
    door,
    strangers: new Strangers(),
    calls: new CallLimits(parts.limits ?? usualLimits),
    runs: new SharedRuns(),
    hooks: new SharedRuns(),
    followLimits: parts.followLimits ?? usualFollowLimits,
  };
  serve(tcp, context);
  if (socket !== null) {
    serve(socket.server, { ...context, host: null });
    socket.server.on('request', (_request, response) => {
      lookAfter(response, parts.lookAfterMs ?? lookAfterMs);
    });
  }
  try {
    await writeDoor(parts.home, door);
  } catch (error) {
    await hangUp(servers);
    throw error;
  }
  return {
    address: door.address,
    socket: door.socket,
    close: async () => {
      await hangUp(servers);
      // An address that stays behind leads nowhere, and the next door writes its own over it.
      await removeDoor(parts.home, door).catch((error: unknown) => parts.onError?.(error));
    },
  };
}

function serve(server: Server, context: Context): void {
  // Such as a connection that cannot be taken because the process has no file descriptor left; others can.
  server.on('error', (error) => context.onError?.(error));
  server.on('connection', (socket: Socket) => {
    // A caller that is gone cannot be told so.
    socket.on('error', () => undefined);
    context.strangers.add(socket);
  });
  server.on('request', (request, response) => void respond(context, request, response));
}

async function listenAtSocket({
  sockets = socketFolders(),
  home,
  epoch,
  onError,
}: DoorParts): Promise<{ readonly server: Server; readonly place: string } | null> {
  try {
    const place = await socketPlace(sockets, stateFolderOf(home), epoch);
    if (place === null) return null;
    const server = await listen({ path: place });
    // Not among Node's types: it answers also who has said all and closed their half, as nc does on macOS.
    Object.assign(server, { httpAllowHalfOpen: true });
    return { server, place };
  } catch (error) {
    onError?.(error);
    return null;
  }
}

/** How often somebody who waits is looked after, in ms. */
const lookAfterMs = 5_000;

/**
 * A caller that closed its half looks like one that is gone; and when a vendor ends a hook's shell, the program that
 * the shell had started stays and holds the line. Only a word to it tells, so it gets one that HTTP has for this (102),
 * until its answer is there.
 */
function lookAfter(response: ServerResponse, everyMs: number): void {
  const timer = setInterval(() => {
    if (!response.headersSent) response.writeProcessing();
  }, everyMs);
  timer.unref();
  response.once('close', () => {
    clearInterval(timer);
  });
}

async function hangUp(servers: readonly Server[]): Promise<void> {
  for (const server of servers) {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}

async function listen(at: ListenOptions): Promise<Server> {
  const server = createServer({
    requestTimeout: arrivalMs,
    headersTimeout: arrivalMs,
    connectionsCheckingInterval: arrivalMs / 6,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}
