/** What a region's name looks like: us-east-1, us-gov-west-1, eusc-de-east-1. A part of a regular expression. */
export const REGION = "[a-z]{2,}(?:-[a-z]+)+-\\d+";
