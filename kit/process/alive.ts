/** Whether processes still run. Only built-in modules: the test runner uses this before packages are installed. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * A process that has ended but that nobody has asked after yet still has its id; Linux says so in its state. It says so when the first
 * thread has ended: until the others have, their ports and files are still taken.
 */
const isZombie = (pid: number): boolean => {
  try {
    const isEnded = /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return isEnded && readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    // Not Linux, or no process of this id any more.
    return false;
  }
};

/** True while a process of this id runs, another user's too. */
export const isAlive = (pid: number): boolean => {
  try {
    return !isZombie(pid) && process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
};
