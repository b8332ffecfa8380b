import { cratesRegistry } from './registries/crates.ts';
import { goRegistry } from './registries/go.ts';
import { npmRegistry } from './registries/npm.ts';
import { pypiRegistry } from './registries/pypi.ts';
import type { Registry } from './registries/registry.ts';

export const registries = {
  npm: npmRegistry,
  go: goRegistry,
  pypi: pypiRegistry,
  crates: cratesRegistry,
} satisfies Record<string, Registry>;

export type RegistryName = keyof typeof registries;
