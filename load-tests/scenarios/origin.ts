/** Where the suite answers, and the variables of a run. */

const text = (name: string, otherwise: string): string => __ENV[name] || otherwise;

export const number = (name: string, otherwise: number): number => {
  const value = Number(text(name, String(otherwise)));
  if (!Number.isFinite(value)) throw new Error(`${name}: got ${JSON.stringify(__ENV[name])}, wants a number`);
  return value;
};

export const origin = text('BASE_URL', 'http://localhost:8080').replace(/\/$/, '');

export const socketUrl = (room: string, user: string, query: string): string =>
  `${origin.replace(/^http/, 'ws')}/ws/${encodeURIComponent(room)}/${encodeURIComponent(user)}?${query}`;

export const json = { headers: { 'content-type': 'application/json' } };

/** The folder of the report. */
export const results = text('RESULTS', '.');
