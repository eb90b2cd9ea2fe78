/**
 * The import law, folder by folder. Nx tags say which project may see which project; this rule says what the tags cannot:
 * third-party packages, `node:*`, and what the pure folders may reach by a relative path. It reads every form of import
 * (static, re-export, dynamic, type), because a law with a way around is a habit.
 */
import { posix } from 'node:path';

const PURE = /^apps\/[^/]+\/src\/(domain|policies)\//;
const HTTP = /^apps\/[^/]+\/src\/(.*\/)?http\//;
const PROJECTIONS = /^(apps|libs)\/[^/]+\/src\/(.*\/)?projections\//;
const MAY_IMPORT_ALL = [/^tests\//, /^bench\//, /^libs\/testing\//, /\.test\.ts$/];

const isRelative = (specifier) => specifier.startsWith('.');
const isOneOf = (specifier, names) => names.includes(specifier);

/** What may be imported in a folder; anything else breaks the law of that folder. */
const FOLDER_LAWS = [
  {
    id: 'kernel',
    applies: (file) => file.startsWith('libs/kernel/'),
    allows: isRelative,
    because: 'the kernel imports nothing, not even node:*',
  },
  {
    id: 'contracts',
    applies: (file) => file.startsWith('libs/contracts/'),
    allows: (specifier) => isRelative(specifier) || isOneOf(specifier, ['zod', '@soloist/kernel']),
    because: 'contracts import kernel and zod only',
  },
  {
    id: 'pure',
    applies: (file) => PURE.test(file),
    allows: (specifier, file) =>
      isRelative(specifier)
        ? PURE.test(posix.join(posix.dirname(file), specifier))
        : isOneOf(specifier, ['@soloist/kernel', '@soloist/contracts']),
    because: 'domain/ and policies/ import kernel, contracts and each other only',
  },
];

/** Where a package may be imported; elsewhere its import breaks the law of that package. */
const PACKAGE_LAWS = [
  { id: 'nats', names: /^@nats-io\//, home: (file) => file.startsWith('libs/eventlog/'), because: '@nats-io/* lives in libs/eventlog only' },
  { id: 'nest', names: /^@nestjs\//, home: (file) => file.startsWith('libs/service/') || HTTP.test(file), because: '@nestjs/* lives in libs/service and http/ folders only' },
  { id: 'orm', names: /^@mikro-orm\//, home: (file) => PROJECTIONS.test(file), because: '@mikro-orm/* lives in projections/ folders only' },
  {
    id: 'otel',
    names: /^@opentelemetry\/(?!api$)/,
    home: (file) => file.startsWith('libs/telemetry/'),
    because: 'only libs/telemetry sets up OpenTelemetry; elsewhere at most @opentelemetry/api',
  },
  { id: 'testing', names: /^@soloist\/testing$/, home: () => false, because: '@soloist/testing is for tests only' },
];

/** The laws that an import of `specifier` in `file` (a path from the root, with slashes) breaks. */
export function brokenLaws(file, specifier) {
  if (MAY_IMPORT_ALL.some((pattern) => pattern.test(file))) return [];
  const folder = FOLDER_LAWS.filter((law) => law.applies(file) && !law.allows(specifier, file));
  const packages = PACKAGE_LAWS.filter((law) => law.names.test(specifier) && !law.home(file));
  return [...folder, ...packages];
}

export const importLaw = {
  meta: { type: 'problem', schema: [], messages: { broken: 'import law "{{id}}": {{because}} (imported "{{specifier}}")' } },
  create(context) {
    const root = context.cwd.replaceAll('\\', '/');
    const file = posix.relative(root, context.filename.replaceAll('\\', '/'));
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      for (const { id, because } of brokenLaws(file, source.value)) {
        context.report({ node: source, messageId: 'broken', data: { id, because, specifier: source.value } });
      }
    };
    const checkDynamic = (node) => {
      const isOpaque = node.source.type !== 'Literal';
      // A computed specifier cannot be judged; where the folder has a law of its own that is a way around it.
      const law = isOpaque && FOLDER_LAWS.find((candidate) => candidate.applies(file));
      if (law) context.report({ node, messageId: 'broken', data: { id: law.id, because: law.because, specifier: 'a computed name' } });
      check(node.source);
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: checkDynamic,
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      TSExternalModuleReference: (node) => check(node.expression),
    };
  },
};
