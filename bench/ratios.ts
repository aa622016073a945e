/**
 * Measures the same work on two subjects in turns, so that whatever else the machine does slows both. What counts is each one's
 * fastest round: a busy machine only ever adds to it.
 */

export interface Subject {
  readonly name: string;
  /** The work, each with its name in the table. */
  readonly works: Readonly<Record<string, () => Promise<unknown>>>;
}

export interface Ratio {
  readonly work: string;
  /** Microseconds of one call. */
  readonly baseUs: number;
  readonly otherUs: number;
  /** `otherUs / baseUs`. */
  readonly ratio: number;
}

const ROUNDS = 31;
const ROUND_MS = 30;

/** Microseconds of a call, over one round of calls, one after the other. */
const timeRound = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < ROUND_MS) {
    await work();
    calls += 1;
  }
  return ((performance.now() - start) * 1_000) / calls;
};

/** The works that both subjects have, in rounds that alternate between them. */
export const compare = async (base: Subject, other: Subject): Promise<Ratio[]> => {
  const ratios: Ratio[] = [];
  for (const [work, baseWork] of Object.entries(base.works)) {
    const otherWork = other.works[work];
    if (!otherWork) continue;
    const rounds: [number, number][] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push([await timeRound(baseWork), await timeRound(otherWork)]);
    const baseUs = Math.min(...rounds.map(([us]) => us));
    const otherUs = Math.min(...rounds.map(([, us]) => us));
    ratios.push({ work, baseUs, otherUs, ratio: otherUs / baseUs });
  }
  return ratios;
};

/** A Markdown table. */
export const formatRatios = (base: Subject, other: Subject, ratios: readonly Ratio[]): string =>
  [
    `| | ${base.name} | ${other.name} | ratio |`,
    '|---|---|---|---|',
    ...ratios.map(
      ({ work, baseUs, otherUs, ratio }) =>
        `| ${work} | ${baseUs.toFixed(0)} us | ${otherUs.toFixed(0)} us | ${ratio.toFixed(2)} |`,
    ),
  ].join('\n');
