/* Lint rules. A rule that is switched off has its reason beside it. */
import astro from 'eslint-plugin-astro';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SYNC_READ =
  'Reads a tensor synchronously, which has returned zeros on WebGPU: await data() or array().';
const syncReads = ['dataSync', 'arraySync', 'bytesSync'].map((property) => ({
  selector: `CallExpression[callee.property.name="${property}"]`,
  message: SYNC_READ,
}));

export default defineConfig(
  globalIgnores([
    ...['dist*/', '.astro/', 'test-results/', 'node_modules/', 'src/recordings/'],
    // AssemblyScript: another language in the same letters, checked by its own compiler.
    'src/engine/kernels/wasm/simd/',
  ]),
  ...tseslint.configs.recommendedTypeChecked,
  ...astro.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', ...syncReads],
      // node:test's test() returns a promise that the runner itself awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe'], package: 'node:test' },
          ],
        },
      ],
      // Examples and calculators may be async by contract without awaiting.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // Astro's own checker types these files; the typed rules cannot see through the template.
    files: ['**/*.astro', '**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
);
