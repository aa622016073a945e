/** Whether processes still run. Only built-in modules: the test runner uses this before packages are installed. */
import { existsSync, readFileSync } from 'node:fs';

/** A process that has ended but that nobody has asked after yet still has its id; Linux says so in its state. */
const isZombie = (pid: number): boolean => {
  const statFile = `/proc/${pid}/stat`;
  return existsSync(statFile) && /\) [ZX] /.test(readFileSync(statFile, 'utf8'));
};

/** True while a process of this id runs, another user's too. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0) && !isZombie(pid);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
};
