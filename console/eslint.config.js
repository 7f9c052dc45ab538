import js from '@eslint/js';
import lingui from 'eslint-plugin-lingui';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

/** Arrows go one way: api, components -> features -> app; no feature knows another (design, section 2). */
const forbidden = (message, ...group) => ({ group, message });
const GENERATED = forbidden('Take it from @/api.', '@/api/generated', '@/api/generated/*');
const SIDEWAYS = forbidden('By @/ from another folder.', '../*');
const HERE = "A device's own clock lies: clock of @/api.";
const knows = (files, ...more) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [SIDEWAYS, ...more] }] },
});

export default ts.config(
  { ignores: ['dist', 'src/api/generated', '**/*.po'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...ts.configs.stylisticTypeChecked,
  hooks.configs.flat['recommended-latest'],
  lingui.configs['flat/recommended'],
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] } } },
    rules: { '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }] },
  },
  {
    ignores: ['src/api/**', '**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "MemberExpression[object.name='Date'][property.name='now']", message: HERE },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: HERE },
      ],
    },
  },
  knows(['src/app/**'], GENERATED),
  knows(['src/features/**'], GENERATED, forbidden('A feature stands alone.', '@/features/*', '@/app/*')),
  knows(['src/components/**'], GENERATED, forbidden('Components know no page.', '@/features/*', '@/app/*')),
  knows(['src/api/**'], forbidden('The API knows no page.', '@/components/*', '@/features/*', '@/app/*')),
  { files: ['**/*.js'], ...ts.configs.disableTypeChecked },
);
