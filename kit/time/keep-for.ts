/**
 * Caches the outcome of `read`, also a rejection, for `lastsMs`; calls during a read share it. However many callers there are, the source is
 * read at most once per interval.
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
