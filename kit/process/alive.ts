/** Whether a process runs. Imports only built-in modules: the test runner uses this before packages are installed. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * A process that ended keeps its id until its parent reads the exit code; in `/proc` its state is Z or X. The state changes when the main
 * thread ends; while other threads live, ports and files are still taken.
 */
const isZombie = (pid: number): boolean => {
  try {
    const isEnded = /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return isEnded && readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    // Not Linux, or there is no such process any more.
    return false;
  }
};

/** True while a process of this id runs, also one of another user. */
export const isAlive = (pid: number): boolean => {
  try {
    return !isZombie(pid) && process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
};
