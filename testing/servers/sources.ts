/**
 * The sources of test servers, in order of preference: servers that variables name (shared, never stopped), Docker, programs of this machine.
 * TEST_SERVERS (`environment`, `docker` or `programs`) restricts them to one.
 */
import { dockerAnswers, hasImage } from './docker.ts';

export type Source = 'environment' | 'docker' | 'programs';

export interface Kind<Server> {
  readonly name: string;
  /** The image that Docker runs. */
  readonly image: string;
  /** The server that a variable names, which tests can't stop; undefined when no variable does. */
  named(): Server | undefined;
  findProgram(): string | undefined;
  startProgram(program: string): Promise<Server>;
  startContainer(image: string): Promise<Server>;
}

const isAllowed = (source: Source): boolean => [undefined, '', source].includes(process.env.TEST_SERVERS);

/** The source of a server for one test. Docker comes first when it has the image. */
const ownSource = (kind: Kind<unknown>): 'docker' | 'programs' | undefined => {
  const mayUseDocker = isAllowed('docker') && dockerAnswers();
  if (mayUseDocker && hasImage(kind.image)) return 'docker';
  if (isAllowed('programs') && kind.findProgram()) return 'programs';
  return mayUseDocker ? 'docker' : undefined;
};

/** Whether this machine can start a server that a test may stop. */
export const hasOwn = (kind: Kind<unknown>): boolean => ownSource(kind) !== undefined;

export const hasAny = (kind: Kind<unknown>): boolean => hasOwn(kind) || kind.named() !== undefined;

/** Starts a server for one test, else returns the one that a variable names. */
export const start = async <Server>(kind: Kind<Server>): Promise<Server> => {
  const source = ownSource(kind);
  if (source === 'docker') return kind.startContainer(kind.image);
  const program = source && kind.findProgram();
  if (program) return kind.startProgram(program);
  const named = kind.named();
  if (named) return named;
  throw new Error(`There is no ${kind.name} for tests here: put the suite into describeWith(['${kind.name}'], ...)`);
};
