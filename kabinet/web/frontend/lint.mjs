// Fails where our own styles and scripts use what the browsers of SITE-04 do not know. `npm run lint`.
//
// Styles: doiuse knows which features browsers lack (the list of browsers is in package.json); two traps that it
// does not see are looked for here. Scripts: nothing newer than ES2019 parses, and no API of the list is named.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import postcss from 'postcss';
import doiuse from 'doiuse';
import * as acorn from 'acorn';
import { full } from 'acorn-walk';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const browsers = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).browserslist;

// Harmless where it is unknown: the rule that takes the ring from mice falls away, and the ring stays.
const HARMLESS = ['css-focus-visible'];

// Newer than Chrome 83, Firefox 78 or Safari 13.0; global names, then methods.
const GLOBALS = [
  'structuredClone', 'ResizeObserver', 'WeakRef', 'FinalizationRegistry', 'AggregateError', 'globalThis', 'BigInt',
  'EyeDropper', 'CSSStyleSheet', 'TransformStream', 'CompressionStream', 'BroadcastChannel', 'requestIdleCallback',
];
const METHODS = [
  'at', 'replaceAll', 'matchAll', 'any', 'allSettled', 'hasOwn', 'findLast', 'findLastIndex', 'toSorted', 'toReversed',
  'toSpliced', 'groupBy', 'randomUUID', 'showModal', 'requestSubmit', 'replaceChildren', 'checkVisibility',
  'showPicker', 'togglePopover', 'showPopover', 'withResolvers', 'attachInternals', 'isWellFormed',
];

const faults = [];
const fault = (file, line, what) => faults.push(`${relative(root, file)}:${line}: ${what}`);

function* files(folder, suffix) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path, suffix);
    else if (name.endsWith(suffix)) yield path;
  }
}

async function lintStyle(file) {
  const css = readFileSync(file, 'utf8');
  const seen = new Set();
  const onFeatureUsage = ({ feature, featureData, usage }) => {
    const missing = featureData.missing;
    if (!missing || seen.has(`${feature}${usage.source.start.line}`)) return;
    seen.add(`${feature}${usage.source.start.line}`);
    fault(file, usage.source.start.line, `${feature} is unknown to ${missing}`);
  };
  await postcss([doiuse({ browsers, ignore: HARMLESS, onFeatureUsage })]).process(css, { from: file });
  postcss.parse(css, { from: file }).walkRules((rule) => lintRule(file, rule));
}

function lintRule(file, rule) {
  const value = (name) => rule.nodes.filter((node) => node.prop === name).map((node) => node.value).pop() || '';
  const line = rule.source.start.line;
  if (/flex/.test(value('display')) && (value('gap') || value('row-gap') || value('column-gap'))) {
    fault(file, line, 'gap between flex items is unknown to Safari before 14.1 and Chrome before 84');
  }
  if (/:(has|is|where|not\([^)]*,)\(?/.test(rule.selector)) fault(file, line, `selector ${rule.selector}`);
  if (rule.parent.type === 'rule') fault(file, line, 'nested rule');
  rule.walkDecls((node) => {
    if (/(^|[\s(,])(min|max|clamp)\(/.test(node.value) && !node.prop.startsWith('grid')) {
      fault(file, node.source.start.line, 'min(), max() and clamp() are unknown to Safari 13.0');
    }
    if (/^(inset|aspect-ratio|content-visibility|container|scroll-timeline|translate|rotate|scale)/.test(node.prop)) {
      fault(file, node.source.start.line, `property ${node.prop}`);
    }
    if (/^(margin|padding|border)-(inline|block)/.test(node.prop)) fault(file, node.source.start.line, node.prop);
    if (/\b(dvh|svh|lvh|cqw|color-mix|oklch|lab)\b/.test(node.value)) fault(file, node.source.start.line, node.value);
  });
}

function lintScript(file) {
  const source = readFileSync(file, 'utf8');
  let tree;
  try {
    tree = acorn.parse(source, { ecmaVersion: 2019, sourceType: 'script', locations: true });
  } catch (error) {
    fault(file, error.loc ? error.loc.line : 1, `${error.message} (nothing newer than ES2019)`);
    return;
  }
  full(tree, (node) => {
    const line = node.loc.start.line;
    if (node.type === 'Identifier' && GLOBALS.includes(node.name)) fault(file, line, `name ${node.name}`);
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && METHODS.includes(node.callee.property.name)) {
      fault(file, line, `method ${node.callee.property.name}()`);
    }
  });
}

// Given files are linted alone (the test of this script does so); else everything of ours under kabinet/.
const given = process.argv.slice(2).map((name) => resolve(name));
for (const file of given.length ? given : files(join(root, 'kabinet'), '.css')) {
  if (file.endsWith('.css')) await lintStyle(file);
}
for (const file of given.length ? given : files(join(root, 'kabinet'), '.js')) {
  if (file.endsWith('.js')) lintScript(file);
}
if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
