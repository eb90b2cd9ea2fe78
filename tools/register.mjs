/**
 * Lets plain Node run the TypeScript sources: `node --conditions=@soloist/source --import ./tools/register.mjs file.ts`.
 * rolldown's oxc transform keeps decorator metadata, which Node's own type stripping does not (ADR 0001).
 */
import { registerHooks } from 'node:module';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';

registerHooks({
  resolve(specifier, context, next) {
    const fromSource = context.parentURL && !context.parentURL.includes('/node_modules/') && /\.tsx?$/.test(context.parentURL);
    const target = fromSource && specifier.startsWith('.') && specifier.endsWith('.js') ? `${specifier.slice(0, -3)}.ts` : specifier;
    return next(target, context);
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
    const file = fileURLToPath(url);
    const result = transformSync(file, readFileSync(file, 'utf8'), {
      lang: 'ts',
      sourcemap: true,
      target: 'es2023',
      decorator: { legacy: true, emitDecoratorMetadata: true },
      typescript: { rewriteImportExtensions: false },
    });
    if (result.errors?.length) throw new SyntaxError(result.errors.map((error) => error.codeframe ?? error.message).join('\n'));
    const map = Buffer.from(JSON.stringify(result.map)).toString('base64');
    return { format: 'module', shortCircuit: true, source: `${result.code}\n//# sourceMappingURL=data:application/json;base64,${map}` };
  },
});
