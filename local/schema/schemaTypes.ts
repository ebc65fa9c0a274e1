/** The parts of Pulumi's package schema that this component has (https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/). */

/** An input, an output, or a field of one. */
export interface Property {
  type?: string;
  $ref?: string;
  description?: string;
  optional?: boolean;
  plain?: boolean;
  items?: Property;
  additionalProperties?: Property;
}

export type Properties = { [name: string]: Property };

export interface EnumValue {
  name: string;
  value: string | number;
  description?: string;
}

export interface TypeSpec {
  type: string;
  description?: string;
  properties?: Properties;
  required?: string[];
  enum?: EnumValue[];
}

export interface ResourceSpec {
  type: string;
  isComponent: boolean;
  description?: string;
  inputProperties: Properties;
  requiredInputs: string[];
  properties: Properties;
  required: string[];
}

export interface PackageSchema {
  name: string;
  version: string;
  description: string;
  resources: { [type: string]: ResourceSpec };
  types: { [type: string]: TypeSpec };
  language: { [language: string]: { [setting: string]: unknown } };
  [field: string]: unknown;
}
