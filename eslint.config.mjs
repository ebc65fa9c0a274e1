import tseslint from "typescript-eslint";
import { roomRules } from "./rooms.mjs";

const WHOLE_AWS = {
  name: "@pulumi/aws",
  message: "Import the part you need (@pulumi/aws/ec2): the whole costs 755 MB.",
};

export default tseslint.config(
  { ignores: ["dist/", ".cache/", "node_modules/", "tests/**/fixtures/"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-explicit-any": "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
      "no-restricted-imports": ["error", { paths: [WHOLE_AWS] }],
    },
  },
  // A provider knows the cloud by its API alone, or the API would be no witness of what a provider asks for.
  {
    files: ["local/providers/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [WHOLE_AWS],
          patterns: [
            {
              regex: "/(cloud|ec2Api|machines|images)(/|$)",
              message: "A provider speaks with the local cloud by EC2's API alone (local/ec2Api).",
            },
          ],
        },
      ],
    },
  },
  ...roomRules(),
  // mocha loads its reporter by require.
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  // Tests hang long tables below one describe.
  { files: ["tests/**/*.ts"], rules: { "max-lines-per-function": "off" } },
  // One module of the converter starts processes; everything else asks it to.
  {
    files: ["converter/**/*.ts"],
    ignores: ["converter/run.ts"],
    rules: { "no-restricted-imports": ["error", { paths: ["child_process", "node:child_process"] }] },
  },
);
