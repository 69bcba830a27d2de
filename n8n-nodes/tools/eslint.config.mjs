// The rules that `n8n-node lint` applies, without the 700 MB of @n8n/node-cli.
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import eslint from '@eslint/js';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'tools/**', 'test/**'] },
  {
    files: ['**/*.ts'],
    extends: [eslint.configs.recommended, ...tseslint.configs.recommended, n8nCommunityNodesPlugin.configs.recommended],
    rules: { 'no-console': 'error' },
  },
  { plugins: { 'n8n-nodes-base': nodesBase } },
  {
    files: ['package.json'],
    extends: [n8nCommunityNodesPlugin.configs.recommended],
    languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
    rules: { ...nodesBase.configs.community.rules },
  },
  {
    files: ['credentials/**/*.ts'],
    rules: {
      ...nodesBase.configs.credentials.rules,
      // For n8n's own credentials, whose documentation URL is a slug.
      'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
      // The community rule looks more closely.
      'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
    },
  },
  {
    files: ['nodes/**/*.ts'],
    rules: {
      ...nodesBase.configs.nodes.rules,
      // Those that `n8n-node lint` leaves out as well: connection types are constants now.
      'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
      'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
      // Where the daemon has a maximum, the editor may say so.
      'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
    },
  },
);
