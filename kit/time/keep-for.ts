/**
 * Reads at most once at a time, and gives each outcome, also a rejection, to everyone who asks until it is this old: however many ask,
 * the source is asked at its own pace.
 */
export const keepFor = <T>(lastsMs: number, read: () => Promise<T>): (() => Promise<T>) => {
  let kept: { readonly answer: Promise<T>; endsAt: number } | undefined;

  const ask = () => {
    const asked = { answer: read(), endsAt: Number.POSITIVE_INFINITY };
    const age = () => {
      asked.endsAt = performance.now() + lastsMs;
    };
    asked.answer.then(age, age);
    return asked;
  };

  return () => {
    if (!kept || performance.now() >= kept.endsAt) kept = ask();
    return kept.answer;
  };
};
