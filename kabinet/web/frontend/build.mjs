// Puts everything that a page takes from us into build/static: our own sources joined, parts of others copied.
// Standard library only. `npm run build`.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const out = join(root, 'build/static');

const font = '@fontsource-variable/golos-text';
const copies = {
  'vendor/bootstrap/bootstrap.css': 'bootstrap/dist/css/bootstrap.min.css',
  'vendor/uplot/uplot.css': 'uplot/dist/uPlot.min.css',
  'vendor/uplot/uplot.js': 'uplot/dist/uPlot.iife.min.js',
  'vendor/licenses/bootstrap.txt': 'bootstrap/LICENSE',
  'vendor/licenses/uplot.txt': 'uplot/LICENSE',
  'vendor/licenses/golos-text.txt': `${font}/LICENSE`,
};
for (const subset of ['cyrillic', 'latin', 'latin-ext']) {
  copies[`vendor/golos-text/${subset}.woff2`] = `${font}/files/golos-text-${subset}-wght-normal.woff2`;
}

const write = (target, text) => {
  mkdirSync(dirname(join(out, target)), { recursive: true });
  writeFileSync(join(out, target), text);
};

const joined = (folder) =>
  readdirSync(join(here, folder)).sort().map((name) => readFileSync(join(here, folder, name), 'utf8')).join('\n');

// A source map's address in a copied file would be a missing file, which the hashing storage refuses.
const withoutMap = (text) => text.replace(/\/[*/][#@] ?sourceMappingURL=.*?(\*\/)?\s*$/, '');

rmSync(out, { recursive: true, force: true });
for (const [target, source] of Object.entries(copies)) {
  const from = join(root, 'node_modules', source);
  if (/\.(css|js)$/.test(target)) {
    write(target, withoutMap(readFileSync(from, 'utf8')));
  } else {
    mkdirSync(dirname(join(out, target)), { recursive: true });
    copyFileSync(from, join(out, target));
  }
}
write('web/kabinet.css', joined('styles'));
write('web/dark.css', readFileSync(join(here, 'styles-dark.css'), 'utf8'));
write('web/kabinet.js', joined('scripts'));
console.log(`build/static: ${Object.keys(copies).length + 3} files`);
