/** Makes the HTTP request of a call from an endpoint and its arguments. */
import type { Address, Endpoint } from './endpoint.ts';

export interface HttpRequest {
  readonly method: Address['method'];
  /** From the service's root, with the query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | FormData;
}

/** Arguments that are undefined are left out. */
export const requestOf = <Args extends object>(
  { method, path, query: inQuery, headers: asHeaders, form: inForm }: Endpoint<Args, unknown>,
  args: NoInfer<Args>,
): HttpRequest => {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const values: Record<string, unknown> = Object.fromEntries(given);
  const filledPath = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  const form = inForm && new FormData();
  const json: Record<string, unknown> = {};
  for (const [name, value] of given) {
    if (path.split('/').includes(`:${name}`)) continue;
    if (asHeaders?.includes(name)) headers[name] = String(value);
    else if (inForm?.includes(name)) form?.set(name, value instanceof Blob ? value : String(value));
    else if (inQuery?.includes(name) ?? (method === 'GET' || method === 'DELETE')) query.set(name, String(value));
    else json[name] = value;
  }
  const search = query.toString();
  const sent = { method, path: search === '' ? filledPath : `${filledPath}?${search}`, headers };
  if (form) return { ...sent, body: form };
  if (Object.keys(json).length === 0) return sent;
  headers['content-type'] = 'application/json';
  return { ...sent, body: JSON.stringify(json) };
};
