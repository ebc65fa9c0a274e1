import { InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { InvalidArguments } from "../provider";
import { answer } from "./answer";
import { toFailure } from "./resources";
import { list, type Session } from "./session";
import { toProperties, toStruct } from "./values";

/** The part of the protocol that looks things up: `aws.ec2.getAmi` and the like. */
export function functionMethods(session: Session) {
  return { invoke: answer((request: InvokeRequest) => invoke(session, request)) };
}

async function invoke({ provider }: Session, request: InvokeRequest) {
  const token = request.getTok();
  const call = provider.functions[token];
  if (!call) {
    throw new Error(
      `${token}: the local ${provider.name} provider does not have it. It has ${list(provider.functions)}.`,
    );
  }
  try {
    return new InvokeResponse().setReturn(toStruct(await call(toProperties(request.getArgs()))));
  } catch (error) {
    if (!(error instanceof InvalidArguments)) throw error;
    return new InvokeResponse().setFailuresList(error.failures.map(toFailure));
  }
}
