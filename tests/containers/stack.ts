/** The suite as `docker compose up` starts it, under its own project name and ports. */
import { join } from 'node:path';
import { freePort } from '@parley/testing/servers/programs';
import { serviceNames } from '../../services.ts';
import { docker, newProject } from './docker.ts';

const root = join(import.meta.dir, '../..');

/** The tag of images that tests build, other than an operator's `latest`. */
const VERSION = 'test';

export interface Stack {
  /** The gateway's address, `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Variables for the scripts that operate this stack. */
  readonly env: Readonly<Record<string, string>>;
  compose(...args: string[]): Promise<string>;
  /** Runs a script of `deploy/` on this stack. @throws with its error output when it fails */
  script(name: string, ...args: string[]): Promise<string>;
  /** The ids of a service's running containers. */
  containers(service: string): Promise<string[]>;
  /** A replica's answer to a path that is not public. */
  inside(container: string, port: number, path: string): Promise<string>;
  down(): Promise<void>;
}

const ownEnv = (): Record<string, string> => ({
  COMPOSE_PROJECT_NAME: newProject(),
  // Ignore an operator's .env file.
  COMPOSE_DISABLE_ENV_FILE: '1',
  VERSION,
  CHAT_REPLICAS: '2',
  GATEWAY_PORT: String(freePort()),
  MINIO_CONSOLE_PORT: String(freePort()),
  MINIO_API_PORT: String(freePort()),
  PROMETHEUS_PORT: String(freePort()),
});

const runScript = async (name: string, args: string[], env: Record<string, string>): Promise<string> => {
  const child = Bun.spawn([process.execPath, '--no-env-file', join(root, 'deploy', `${name}.ts`), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, said, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${said}`);
  return out;
};

/** A stack that isn't started yet: `compose('up', ...)` or a script does that. */
export const defineStack = (): Stack => {
  const env = ownEnv();
  const compose = (...args: string[]) => docker(['compose', ...args], { cwd: root, env });
  return {
    origin: `http://127.0.0.1:${env.GATEWAY_PORT}`,
    env,
    compose,
    script: (name, ...args) => runScript(name, args, env),
    containers: async (service) => (await compose('ps', '--quiet', service)).split('\n').filter(Boolean),
    inside: async (container, port, path) => {
      const format = `{{(index .NetworkSettings.Networks "${env.COMPOSE_PROJECT_NAME}_services").IPAddress}}`;
      const address = await docker(['inspect', '--format', format, container]);
      return await compose('exec', '-T', 'gateway', 'curl', '-fsS', `http://${address}:${port}${path}`);
    },
    down: async () => {
      await compose('--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '5');
    },
  };
};

export const buildImages = (stack: Stack): Promise<string> => stack.compose('build', '--quiet');

export const startStack = async (stack: Stack): Promise<void> => {
  await stack.compose('up', '--detach', '--wait');
};

export const serviceImages = serviceNames.map((name) => ({
  name,
  image: `parley/${name}:${VERSION}`,
}));
