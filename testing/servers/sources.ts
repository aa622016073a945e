/**
 * Where a test's servers come from, in this order: the ones that environment variables name (shared, never stopped), Docker, programs
 * of this machine. TEST_SERVERS (`environment`, `docker` or `programs`) allows one of them only.
 */
import { dockerAnswers, hasImage } from './docker.ts';

export type Source = 'environment' | 'docker' | 'programs';

export interface Kind<Server> {
  readonly name: string;
  /** The image that Docker runs. */
  readonly image: string;
  /** The server that the environment names, whose faults are out of reach; undefined when it names none. */
  named(): Server | undefined;
  findProgram(): string | undefined;
  startProgram(program: string): Promise<Server>;
  startContainer(image: string): Promise<Server>;
}

const isAllowed = (source: Source): boolean => [undefined, '', source].includes(process.env.TEST_SERVERS);

/** Where a server of the test's own would come from. Docker goes first when it needn't fetch the image. */
const ownSource = (kind: Kind<unknown>): 'docker' | 'programs' | undefined => {
  const mayUseDocker = isAllowed('docker') && dockerAnswers();
  if (mayUseDocker && hasImage(kind.image)) return 'docker';
  if (isAllowed('programs') && kind.findProgram()) return 'programs';
  return mayUseDocker ? 'docker' : undefined;
};

/** Whether a test may have a server that it can stop. */
export const hasOwn = (kind: Kind<unknown>): boolean => ownSource(kind) !== undefined;

export const hasAny = (kind: Kind<unknown>): boolean => hasOwn(kind) || kind.named() !== undefined;

/** A server of the test's own, else the one that the environment names. */
export const start = async <Server>(kind: Kind<Server>): Promise<Server> => {
  const source = ownSource(kind);
  if (source === 'docker') return kind.startContainer(kind.image);
  const program = source && kind.findProgram();
  if (program) return kind.startProgram(program);
  const named = kind.named();
  if (named) return named;
  throw new Error(`There is no ${kind.name} for tests here: put the suite into describeWith(['${kind.name}'], ...)`);
};
