/** Looks at ports before anything is opened on them. */
import { PortTaken } from '@parley/kit/process/run';
import type { Listener } from './plan.ts';

const occupy = ({ name, port }: Listener, hostname: string) => {
  try {
    return Bun.listen({ hostname, port, exclusive: true, socket: { data: () => undefined } });
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE') {
      throw new PortTaken(name, hostname, port, `${name.toUpperCase()}_PORT`, { cause: error });
    }
    throw error;
  }
};

/**
 * The ports to use, in the order of the listeners: the one each asks for, or a free one. All are held at once while looking, so
 * that no two get the same.
 * @throws {PortTaken} naming the first that another program has
 */
export const reservePorts = (listeners: readonly Listener[], host: string): number[] => {
  const held: Bun.TCPSocketListener[] = [];
  try {
    for (const listener of listeners) held.push(occupy(listener, host));
    return held.map(({ port }) => port);
  } finally {
    for (const socket of held) socket.stop(true);
  }
};
