import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Programs are started as file + arguments (architecture rule 7); these are the ways around it. */
const shells = [
  {
    selector: "Property[key.name='shell'][value.type='Literal']:not([value.value=false])",
    message: 'Start a program as file + arguments, never through a shell.',
  },
  {
    selector: "CallExpression[callee.property.name='executeCommand'][callee.object.name='shellIntegration']",
    message: 'Never type a command into a terminal.',
  },
];
const noShell = [
  {
    name: 'node:child_process',
    importNames: ['exec', 'execSync', 'default'],
    message: 'exec runs a shell; use execFile or spawn.',
  },
  { name: 'child_process', message: 'Import node:child_process, and only spawn or execFile.' },
];

const everywhere = [...shells, { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' }];
/** Only git/ runs git (rule 2). */
const gitElsewhere = {
  selector: "CallExpression[arguments.0.value='git']",
  message: 'Only git/ runs git; ask it through its port.',
};
/** The domain's time, ids and randomness come in with its events (rule 6). */
const impure = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'The instant is given.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The instant is given.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'The draw is given.' },
];
const impureGlobals = [
  'process',
  'performance',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.rigs-test/**', 'media/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-restricted-imports': ['error', { paths: noShell }],
      'no-restricted-syntax': ['error', ...everywhere],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/git/**'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, gitElsewhere] },
  },
  {
    files: ['src/town/**/*.ts', 'src/words/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...everywhere, gitElsewhere, ...impure],
      'no-restricted-globals': ['error', ...impureGlobals],
    },
  },
  {
    files: ['src/vscode/**/*.ts'],
    ignores: ['src/vscode/terminals.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          property: 'sendText',
          message: 'Only terminals.ts writes to a terminal, and only what a person asked to send.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
