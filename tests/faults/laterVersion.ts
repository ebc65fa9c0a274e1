/** What a later version of the package decides otherwise: defaults, texts, scripts. Nothing of it is a user's input. */

export interface Edit {
  /** Below components/. */
  file: string;
  find: RegExp;
  put: string;
}

export const LATER: Edit[] = [
  { file: "lookups/offerings.ts", find: /"m8i-flex\.large"/, put: '"c8i.large"' },
  { file: "findings/helper.ts", find: /ROOT_SIZE_GB = \d+/, put: "ROOT_SIZE_GB = 24" },
  { file: "steps/helper.ts", find: /httpPutResponseHopLimit: 1/, put: "httpPutResponseHopLimit: 2" },
  { file: "steps/userData.ts", find: /"#cloud-config/, put: '"#cloud-config\\n# of a later version' },
  { file: "steps/volumes.ts", find: /sourceSizeGb \+ 1/, put: "sourceSizeGb + 2" },
  { file: "steps/volumes.ts", find: /volumeType = VolumeType\.Gp3/, put: 'volumeType = "gp2"' },
  { file: "steps/volumes.ts", find: /encrypted = true/, put: "encrypted = false" },
  { file: "steps/commands.ts", find: /timeout -k 30/, put: "timeout -k 60" },
  { file: "steps/bootProof.ts", find: /"echo virtualization=hvm"/, put: '"echo virtualization=hvm", "true"' },
  { file: "steps/image.ts", find: /Root volume of/, put: "The converted root volume of" },
  { file: "steps/image.ts", find: /, converted from paravirtual/, put: ", made HVM from paravirtual" },
];
