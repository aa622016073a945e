/** Whether the findings of a sweep are plausible. Pure. */

/** So many missing counterparts are always plausible. */
const FEW = 10;

/**
 * Whether crashes can explain so many rows or objects without their counterpart. More than half means the wrong bucket or database, and
 * removing them would delete everything.
 */
export const isPlausible = (lost: number, total: number): boolean => lost <= Math.max(FEW, total / 2);
