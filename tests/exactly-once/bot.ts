/**
 * The example bot of `client/examples` as someone runs it: a process of its own, unchanged. A person asks it questions while servers are
 * killed; afterwards its answers are compared with the questions.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createParley, type Parley, type RoomConnection, type Stored } from '@parley/client';
import { newFolder } from '@parley/testing/run/run-folder';
import { eventually } from '@parley/testing/time/eventually';

const PROGRAM = join(import.meta.dir, '../../client/examples/bot.ts');
/** The user that the program acts as. */
const BOT_USER = 'echo';
const ASK_EVERY_MS = 20;
/** The asker pauses while so many questions aren't stored yet: its queue holds 200. */
const MAX_UNSENT = 100;
/** Questions that wait for the bot when it starts: more than its sending queue holds. */
const BACKLOG = 250;
const PAGE = 200;
const NO_PROGRESS_MS = 60_000;

export class Bot {
  readonly #cursorFile = join(newFolder('bot'), 'cursor');
  readonly #room: string;
  readonly #origin: string;
  #child: Bun.Subprocess | undefined;

  constructor(origin: string, room: string) {
    this.#origin = origin;
    this.#room = room;
  }

  start(): void {
    this.#child = Bun.spawn([process.execPath, PROGRAM, this.#room], {
      env: { ...process.env, PARLEY_URL: this.#origin, CURSOR_FILE: this.#cursorFile },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  /** Kills the process. Its next start reads the cursor that it has written so far. */
  async crash(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#child?.exited;
  }

  /** The `seq` of the last question that the program has dealt with. */
  get cursor(): number {
    return existsSync(this.#cursorFile) ? Number(readFileSync(this.#cursorFile, 'utf8')) : 0;
  }

  loseCursor(): void {
    rmSync(this.#cursorFile, { force: true });
  }
}

export interface Trial {
  /** The gateway's. */
  readonly origin: string;
  /** The least number of questions after those that wait at the start. They are asked for as long as servers are being killed. */
  readonly questions: number;
  /** Kills servers, or the bot, and starts them again. */
  disturb(bot: Bot): Promise<void>;
}

export interface Outcome extends Pick<Asker, 'asked' | 'received' | 'losses'> {
  /** The contents of the bot's messages in the room's history, read at the end. */
  readonly stored: readonly string[];
}

/** @returns the contents of the bot's messages, in reading order */
const readAnswers = async (parley: Parley, room: string): Promise<string[]> => {
  const answers: string[] = [];
  for (let after = 0; ; ) {
    const page = await parley.chat.listMessages({ room_id: room, after, limit: PAGE });
    answers.push(...page.flatMap(({ user_id, content }) => (user_id === BOT_USER ? [content] : [])));
    if (page.length < PAGE) return answers;
    after = page.at(-1)?.position ?? after;
  }
};

/** @throws when the count stands still below the goal */
const untilReached = async (count: () => number, goal: number): Promise<void> => {
  for (let reached = count(); reached < goal; ) {
    const before = reached;
    reached = await eventually(
      () => {
        if (count() === before) throw new Error(`Only ${before} of ${goal} was reached`);
        return count();
      },
      { timeoutMs: NO_PROGRESS_MS },
    );
  }
};

/** Asks one question after another, and pauses where too many aren't stored yet. */
class Asker {
  /** In order. */
  readonly asked: string[] = [];
  /** The contents of the bot's messages, in the order in which they arrived. */
  readonly received: string[] = [];
  /** How often the connection was lost. */
  losses = 0;
  readonly #room: RoomConnection;
  readonly #sent: Promise<Stored>[] = [];

  constructor(room: RoomConnection) {
    this.#room = room;
    room.on('message', ({ user_id, content }) => {
      if (user_id === BOT_USER) this.received.push(content);
    });
    room.on('state', ({ state }) => {
      if (state === 'waiting') this.losses += 1;
    });
  }

  async ask(): Promise<void> {
    while (this.#room.unsent >= MAX_UNSENT) await Bun.sleep(ASK_EVERY_MS);
    const text = `answer ${this.asked.length}`;
    this.asked.push(text);
    this.#sent.push(this.#room.send(`!say ${text}`));
  }

  /** @returns the `seq` of the last question, when all are stored */
  async lastSeq(): Promise<number> {
    return Math.max(...(await Promise.all(this.#sent)).map(({ seq }) => seq));
  }
}

/**
 * Runs the bot in a room of its own, in which questions wait for it already. More are asked while `disturb` kills servers.
 * @returns the outcome when the bot has answered the last one
 */
export const runBot = async ({ origin, questions, disturb }: Trial): Promise<Outcome> => {
  const parley = createParley({ baseUrl: origin });
  const { id: room } = await parley.chat.createRoom({ id: `bot-${crypto.randomUUID()}`, name: 'Bot' });
  const bot = new Bot(origin, room);
  const connection = parley.joinRoom({ room, user: 'ada', since: 0, backoff: { maxMs: 500 } });
  const asker = new Asker(connection);
  try {
    while (asker.asked.length < BACKLOG) await asker.ask();
    bot.start();
    let isDisturbed = true;
    const disturbed = disturb(bot).finally(() => {
      isDisturbed = false;
    });
    while (isDisturbed || asker.asked.length < BACKLOG + questions) {
      await asker.ask();
      await Bun.sleep(ASK_EVERY_MS);
    }
    await disturbed;
    const lastSeq = await asker.lastSeq();
    await untilReached(() => bot.cursor, lastSeq);
    // A bot that has lost its cursor goes through the whole room again, and sends each answer with the `client_id` that it had.
    await bot.crash();
    bot.loseCursor();
    bot.start();
    await untilReached(() => bot.cursor, lastSeq);
    const stored = await readAnswers(parley, room);
    await untilReached(() => asker.received.length, stored.length);
    return { ...asker, stored };
  } finally {
    connection.close();
    await bot.crash();
  }
};
