/** A busy room as data. Pure: the same seed makes the same people, messages and `client_id`s, on any machine. */
import { createHash } from 'node:crypto';
import { NAMES, PHRASES } from './phrases.ts';

export interface ConversationOptions {
  readonly seed: number;
  readonly room: string;
  readonly people: number;
  readonly messages: number;
}

export interface Speaker {
  readonly userId: string;
  readonly username: string;
}

/** Consecutive messages of one person. */
export interface Turn {
  readonly speaker: Speaker;
  readonly messages: readonly { readonly content: string; readonly client_id: string }[];
}

const MAX_TURN = 12;
const MENTION_CHANCE = 0.05;

/** A seeded generator (mulberry32) of evenly distributed integers from 0 to `limit - 1`. */
const createDice = (seed: number) => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { isWithin: (chance: number) => next() < chance, below: (limit: number) => Math.floor(next() * limit) };
};

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** Ids are ASCII, names use many scripts. People beyond the list of names get numbers. */
export const speakersOf = (people: number): Speaker[] =>
  Array.from({ length: people }, (_, index) => {
    const round = Math.floor(index / NAMES.length);
    return { userId: `seed-${index + 1}`, username: pick(NAMES, index) + (round > 0 ? ` ${round + 1}` : '') };
  });

/** A UUID (version 8) made of the seed and the message's number, the same in every run. */
const clientIdOf = ({ seed, room }: ConversationOptions, index: number): string => {
  const hex = createHash('sha256').update(`${seed}/${room}/${index}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
};

/** Yields turns in order, one at a time, so that memory doesn't grow with the conversation. */
export function* conversationOf(options: ConversationOptions): Generator<Turn> {
  const dice = createDice(options.seed);
  const speakers = speakersOf(options.people);
  const say = (index: number): string => {
    const mention = dice.isWithin(MENTION_CHANCE) ? `@${pick(speakers, dice.below(speakers.length)).username} ` : '';
    return `${mention}${pick(PHRASES, dice.below(PHRASES.length))}${index % 100 === 99 ? ` (${index + 1})` : ''}`;
  };
  for (let said = 0; said < options.messages; ) {
    const speaker = pick(speakers, dice.below(speakers.length));
    const length = Math.min(1 + dice.below(MAX_TURN), options.messages - said);
    const from = said;
    const messages = Array.from({ length }, (_, offset) => ({
      content: say(from + offset),
      client_id: clientIdOf(options, from + offset),
    }));
    said += length;
    yield { speaker, messages };
  }
}
