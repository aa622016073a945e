/**
 * The generated part of the client library, `client/api/`: plain TypeScript made from the services' contracts and from the frames of
 * chat's socket. `bun run docs` writes it anew; a test fails while it differs.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as chat from '@parley/chat/contract';
import { clientFrames, serverFrames } from '@parley/chat/frames';
import { type Endpoint, operationsOf } from '@parley/kit/contract/contract';
import * as notification from '@parley/notification/contract';
import { KindGuard, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';
import { apis, services } from '../services.ts';
import { allErrors } from './errors.ts';
import { commentOf, fieldsOf, identityOf, type Names, typeOf } from './typescript.ts';

const root = join(import.meta.dir, '..');

const isObject = (value: unknown): value is TObject => KindGuard.IsObject(value);

/** The endpoints that the library has. Left out are answers of bytes (fetched by URL) and bodies without fields, which give no names to arguments. */
const endpointsOf = (contract: object): [name: string, endpoint: Endpoint][] =>
  operationsOf(contract).flatMap(([name, operation]) => {
    const isCalled = 'answers' in operation && (operation.body === undefined || isObject(operation.body));
    return isCalled ? [[name, operation]] : [];
  });

/** The object schemas that a contract exports: each becomes an interface. */
const nounsOf = (contract: object): [name: string, schema: TObject][] =>
  Object.entries(contract).flatMap(([name, value]: [string, unknown]) => (isObject(value) ? [[name, value]] : []));

const namesIn = (...nouns: [name: string, schema: TSchema][]): Names =>
  new Map(nouns.map(([name, schema]) => [identityOf(schema), name]));

/** All arguments of a call as one flat object. @throws when two have the same name */
const argumentsOf = ({ path, params, query, headers, form, body }: Endpoint): TProperties => {
  const groups = [params, query, headers, form, body].filter(isObject).map(({ properties }) => properties);
  const names = groups.flatMap(Object.keys);
  if (new Set(names).size < names.length) throw new Error(`Two arguments of ${path} have the same name: ${names}`);
  return Object.assign({}, ...groups);
};

const listOf = (schema: TObject | undefined): string =>
  `[${Object.keys(schema?.properties ?? {}).map((name) => `'${name}'`)}]`;

/** Where arguments go, when the client's default for the method is not right. */
const placesOf = ({ method, query, headers, form, body }: Endpoint): string[] => {
  const isUsual = method === 'GET' || method === 'DELETE' ? body === undefined : query === undefined;
  return [
    ...(isUsual ? [] : [`query: ${listOf(query)}`]),
    ...(headers ? [`headers: ${listOf(headers)}`] : []),
    ...(form ? [`form: ${listOf(form)}`] : []),
  ];
};

const interfaceOf = (name: string, fields: string): string => `export interface ${name} {\n${fields}\n}`;

const endpointOf = (service: string, name: string, endpoint: Endpoint, names: Names): string => {
  const { method, path, summary, description, answers } = endpoint;
  const properties = argumentsOf(endpoint);
  const hasNone = Object.keys(properties).length === 0;
  const args = hasNone ? 'Record<string, never>' : `${name.replace(/^./, (first) => first.toUpperCase())}Args`;
  const results = new Set(Object.values(answers).map((schema) => typeOf(schema, names)));
  const address = [`service: '${service}'`, `method: '${method}'`, `path: '${path}'`, ...placesOf(endpoint)];
  return [
    ...(hasNone ? [] : [interfaceOf(args, fieldsOf(properties, names, true))]),
    commentOf(`${summary}. ${description}`),
    `export const ${name} = /* @__PURE__ */ endpoint<${args}, ${[...results].join(' | ')}>({ ${address.join(', ')} });`,
  ].join('\n');
};

const HEAD = '// Made by `bun run docs` from the contracts of the services. Change those instead.';

const serviceModule = (service: string, contract: object): string => {
  const nouns = nounsOf(contract);
  const interfaces = nouns.map(([name, noun]) => {
    const comment = noun.description ? `${commentOf(noun.description)}\n` : '';
    return comment + interfaceOf(name, fieldsOf(noun.properties, namesIn(...nouns)));
  });
  const endpoints = endpointsOf(contract).map(([name, endpoint]) =>
    endpointOf(service, name, endpoint, namesIn(...nouns)),
  );
  return [HEAD, "import { endpoint } from '../endpoint.ts';", ...interfaces, ...endpoints].join('\n\n');
};

/** The type of a frame. One with exactly the fields of a noun is written as that noun plus `type`. */
const frameOf = (frame: TObject, names: Names): string => {
  const { type, ...fields } = frame.properties;
  const noun = nounsOf(notification).find(([, { properties }]) => isDeepStrictEqual(properties, fields));
  return noun && type ? `${noun[0]} & { type: ${typeOf(type, names)} }` : typeOf(frame, names);
};

const framesOf = (name: string, frames: Readonly<Record<string, TObject>>, names: Names): string => {
  const members = Object.entries(frames).map(
    ([type, frame]) => `${commentOf(frame.description ?? type)}\n${type}: ${frameOf(frame, names)};`,
  );
  return `${interfaceOf(`${name}Frames`, members.join('\n'))}\n\nexport type ${name}Frame = ${name}Frames[keyof ${name}Frames];`;
};

const framesModule = (): string => {
  const errorCode = serverFrames.error.properties.code;
  const names = namesIn(...nounsOf(chat), ['ErrorCode', errorCode]);
  return [
    HEAD,
    "import type { Mention } from './chat.ts';\nimport type { Notification } from './notification.ts';",
    `${commentOf(errorCode.description ?? 'The code of a refusal')}\nexport type ErrorCode = ${typeOf(errorCode, new Map())};`,
    `/** From a client to the server, by \`type\`. */\n${framesOf('Client', clientFrames, names)}`,
    `/** From the server to a client, by \`type\`. */\n${framesOf('Server', serverFrames, names)}`,
  ].join('\n\n');
};

/** Where the gateway has each service. */
const gatewayModule = (): string => {
  const names = apis.map(([name]) => `'${name}'`).join(' | ');
  const places = apis.map(([name, prefix]) => {
    const { noun } = services[name];
    return `${name}: ['${prefix}'${noun === undefined ? '' : `, '${noun}'`}]`;
  });
  return [
    '// Made by `bun run docs` from the list of services. Change that instead.',
    `export type ServiceName = ${names};`,
    `/** What the gateway puts before the paths of a service, and what it leaves out of them at their beginning. */
export const gateway: Readonly<Record<ServiceName, readonly [prefix: string, noun?: string]>> = { ${places.join(', ')} };`,
  ].join('\n\n');
};

/** The endpoints of all services, by the service's name. */
const endpointsModule = (): string =>
  [
    HEAD,
    apis
      .map(([name]) => `export * as ${name} from './${name}.ts';`)
      .toSorted()
      .join('\n'),
  ].join('\n\n');

const errorsModule = async (): Promise<string> => {
  const codes = (await allErrors()).filter(({ retry }) => retry).map(({ code }) => `'${code}'`);
  return [
    HEAD,
    `${commentOf('The codes of errors after which the same call, or frame, may succeed later.')}\nexport const retryableCodes: ReadonlySet<string> = /* @__PURE__ */ new Set([${codes.join(', ')}]);`,
  ].join('\n\n');
};

/** @param path of the file, by which the formatter knows the language */
const format = async (path: string, text: string): Promise<string> => {
  const command = [join(root, 'node_modules/.bin/biome'), 'format', `--stdin-file-path=${path}`];
  const formatter = Bun.spawn(command, { cwd: root, stdin: Buffer.from(text), stdout: 'pipe', stderr: 'pipe' });
  const formatted = await new Response(formatter.stdout).text();
  if ((await formatter.exited) !== 0) throw new Error(await new Response(formatter.stderr).text());
  return formatted;
};

/** The files of `client/api/`, by their paths. */
export const clientApi = async (): Promise<ReadonlyMap<string, string>> => {
  const modules = await Promise.all(
    apis.map(async ([service]) => [service, serviceModule(service, (await services[service].contract?.()) ?? {})]),
  );
  const others = [
    ['endpoints', endpointsModule()],
    ['errors', await errorsModule()],
    ['frames', framesModule()],
    ['gateway', gatewayModule()],
  ];
  const files = [...modules, ...others].map(async ([name = '', text = '']) => {
    const path = join(root, `client/api/${name}.ts`);
    return [path, await format(path, text)] as const;
  });
  return new Map(await Promise.all(files));
};

if (import.meta.main) for (const [path, text] of await clientApi()) await Bun.write(path, text);
