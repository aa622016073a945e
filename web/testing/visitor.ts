/** A minimal browser for tests: keeps cookies, adds the form token, follows no redirect. */

export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Posts a form with the token and from the same origin, as a page would. */
  submit(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** Signs in; without a password as a guest. */
  signIn(name: string, password?: string): Promise<Response>;
  /** The proof in the form of the account page; empty when the page has no form. */
  proof(): Promise<string>;
  /** Makes an account of the name. */
  keepName(password: string): Promise<Response>;
  readonly cookies: Map<string, string>;
}

const HTML = { accept: 'text/html' };

export const visit = (origin: string): Visitor => {
  const cookies = new Map<string, string>();

  const send = async (path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(origin + path, {
      ...init,
      redirect: 'manual',
      headers: { ...HTML, ...(cookie && { cookie }), ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const { name, value, maxAge } = Bun.Cookie.parse(line);
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };

  const get = (path: string, headers: Record<string, string> = {}) => send(path, { headers });

  const submit = async (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    if (!cookies.has('parley_form')) await get('/');
    const body = new URLSearchParams({ form_token: cookies.get('parley_form') ?? '', ...fields });
    return send(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin', ...headers } });
  };

  const proof = async (): Promise<string> =>
    /name="proof" value="([^"]+)"/.exec(await (await get('/account')).text())?.[1] ?? '';

  return {
    cookies,
    get,
    submit,
    proof,
    keepName: async (password) => submit('/account', { password, proof: await proof() }),
    signIn: (name, password = '') => submit('/sign-in', { name, password, next: '/rooms/general' }),
  };
};
