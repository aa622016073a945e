/** nginx for tests: the project's own configuration on loopback, in front of services at given ports. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '../run/run-folder.ts';
import { onFreePort, startProgram } from './process-server.ts';
import { findProgram, freePort } from './programs.ts';
import type { TestServer } from './test-server.ts';

export interface NginxOptions {
  /** The port of each service, by the name of its upstream. */
  readonly ports: Readonly<Record<string, number>>;
  /** With TLS, under this name; browsers reach it by the published port (443 unless given). */
  readonly tls?: {
    readonly name: string;
    readonly certificate: string;
    readonly key: string;
    readonly publishedPort?: number;
  };
  /** A further change of each file of the configuration. */
  readonly change?: (text: string) => string;
}

export interface Nginx extends TestServer {
  readonly port: number;
  readonly tlsPort: number;
}

const deploy = join(import.meta.dir, '../../deploy');

/** Replaces a match. @throws when there is none: the test would run with another configuration than intended */
const replace = (text: string, from: RegExp, to: string): string => {
  if (!from.test(text)) throw new Error(`The configuration has no ${from}`);
  return text.replace(from, to);
};

/** Replaces upstream servers by local ports, without `resolve`, which nginx before 1.27 doesn't know. */
const onLoopback = (text: string, ports: NginxOptions['ports']): string =>
  Object.entries(ports).reduce(
    (current, [name, port]) => replace(current, new RegExp(`server ${name}:\\d+ resolve`), `server 127.0.0.1:${port}`),
    text,
  );

const atTop = (text: string): string =>
  `user root;\n${replace(text, /listen 127\.0\.0\.1:8081/, `listen 127.0.0.1:${freePort()}`)}`;

/** Replaces the ports. Before nginx 1.25 `http2` is a parameter of `listen`, not a directive. */
const listensOn = (text: string, port: number, tlsPort: number): string =>
  text
    .replace(/listen 8080/g, `listen 127.0.0.1:${port}`)
    .replace(/listen 8443 ssl( default_server)?/g, `listen 127.0.0.1:${tlsPort} ssl http2$1`)
    .replace(/^\s*http2 on;$/gm, '');

/** The source of a file: with TLS some are replaced, as `compose.tls.yml` does by mounts. */
const sourceOf = (name: string, hasTls: boolean): string =>
  hasTls && !name.includes('.tls.') && ['nginx.listen.conf', 'nginx.foreign.conf'].includes(name)
    ? name.replace('.conf', '.tls.conf')
    : name;

const writeFiles = (folder: string, port: number, tlsPort: number, { ports, tls, change }: NginxOptions): void => {
  for (const name of readdirSync(deploy).filter((each) => /^nginx\..*conf$/.test(each))) {
    let text = readFileSync(join(deploy, sourceOf(name, tls !== undefined)), 'utf8');
    text = listensOn(text.replaceAll('/tmp/', `${folder}/`), port, tlsPort);
    if (tls)
      text = text.replace('/etc/nginx/tls/certificate.pem', tls.certificate).replace('/etc/nginx/tls/key.pem', tls.key);
    if (name === 'nginx.conf') text = atTop(text);
    if (name === 'nginx.upstreams.conf') text = onLoopback(text, ports);
    writeFileSync(join(folder, name), (change ?? String)(text));
  }
};

/** The script that starts nginx with TLS, for this program and folder. */
const startScript = (program: string, folder: string): string =>
  readFileSync(join(deploy, 'nginx.tls.sh'), 'utf8')
    .replaceAll('/tmp/', `${folder}/`)
    .replace('exec nginx -c /etc/parley/', `exec ${program} -c ${folder}/`);

/** Resolves when it answers. */
export const startNginx = (options: NginxOptions): Promise<Nginx> =>
  onFreePort(async () => {
    const [port, tlsPort, folder] = [freePort(), freePort(), newFolder('nginx')];
    writeFiles(folder, port, tlsPort, options);
    const url = `http://127.0.0.1:${port}`;
    const program = findProgram('nginx') ?? '';
    const command = options.tls
      ? ['sh', '-c', startScript(program, folder)]
      : [program, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'];
    const env = options.tls
      ? { TLS_NAME: options.tls.name, GATEWAY_TLS_PORT: String(options.tls.publishedPort ?? '') }
      : {};
    const probe = async () => {
      await fetch(`${url}/health`, { redirect: 'manual', signal: AbortSignal.timeout(1_000) });
    };
    const server = await startProgram({ url, folder, command, env, stopSignal: 'SIGTERM', probe });
    return { ...server, port, tlsPort };
  });
