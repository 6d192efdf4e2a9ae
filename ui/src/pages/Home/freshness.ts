const DAY = 86_400;

export type Freshness = 'fresh' | 'aging' | 'old' | 'never';

/**
 * How full the gauge of a table stands: full when just updated, empty after three days. Most flows run once
 * a day, so up to 26 hours is fresh, and two missed nights are old.
 */
export function freshness(ageSeconds: number | null): { level: number; grade: Freshness } {
  if (ageSeconds === null) return { level: 0, grade: 'never' };
  const level = Math.max(0, 1 - ageSeconds / (3 * DAY));
  const grade = ageSeconds <= DAY + 7200 ? 'fresh' : ageSeconds <= 2 * DAY + 7200 ? 'aging' : 'old';
  return { level: Math.max(level, 0.03), grade };
}
