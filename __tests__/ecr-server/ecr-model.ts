import * as client from "@aws-sdk/client-ecr";
import { allOf, botocoreModel, sdkModel } from "./service-model";

/** The model of ECR in botocore; `undefined` where it is not installed, or is too old. */
export const BOTOCORE = botocoreModel("ecr", "2015-09-21", "ListImageReferrers");

/** The model of ECR, which every request to the server and every answer of it must obey. */
export const ECR_MODEL = allOf([sdkModel({ ...client }), ...(BOTOCORE === undefined ? [] : [BOTOCORE])]);
