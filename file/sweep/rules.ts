/** What a sweep may believe. Pure. */

/** As many may be missing without any doubt. */
const FEW = 10;

/**
 * Whether so many of all can have lost their other side by crashes. More than half is a wrong bucket or a wrong database, and
 * believing it would delete everything.
 */
export const isPlausible = (lost: number, total: number): boolean => lost <= Math.max(FEW, total / 2);
