/** What a later version of the package decides otherwise: defaults, texts, scripts. Nothing of it is a user's input. */

export interface Edit {
  /** In components/. */
  file: string;
  find: RegExp;
  put: string;
}

export const LATER: Edit[] = [
  { file: "findings.ts", find: /"m8i-flex\.large"/, put: '"c8i.large"' },
  { file: "helper.ts", find: /ROOT_SIZE_GB = \d+/, put: "ROOT_SIZE_GB = 24" },
  { file: "helper.ts", find: /httpPutResponseHopLimit: 1/, put: "httpPutResponseHopLimit: 2" },
  { file: "userData.ts", find: /"#cloud-config/, put: '"#cloud-config\\n# of a later version' },
  { file: "volumes.ts", find: /sourceSizeGb \+ 1/, put: "sourceSizeGb + 2" },
  { file: "volumes.ts", find: /volumeType = VolumeType\.Gp3/, put: 'volumeType = "gp2"' },
  { file: "volumes.ts", find: /encrypted = true/, put: "encrypted = false" },
  { file: "commands.ts", find: /timeout -k 30/, put: "timeout -k 60" },
  { file: "bootProof.ts", find: /"echo virtualization=hvm"/, put: '"echo virtualization=hvm", "true"' },
  { file: "image.ts", find: /Root volume of/, put: "The converted root volume of" },
  { file: "image.ts", find: /, converted from paravirtual/, put: ", made HVM from paravirtual" },
];
