#!/bin/sh
# Runs at every start and may run again: creates the bucket, and a user that may read and write in this bucket only. MinIO's root user
# is for the operator. The image of `mc` has little more than a shell: no grep.
set -eu

mc alias set minio http://minio:9000 "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD"
mc mb --ignore-existing "minio/$MINIO_BUCKET"

cat > /tmp/policy.json <<JSON
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      "Resource": ["arn:aws:s3:::$MINIO_BUCKET"]
    },
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      "Resource": ["arn:aws:s3:::$MINIO_BUCKET/*"]
    }
  ]
}
JSON
mc admin policy create minio parley-file /tmp/policy.json
mc admin user add minio "$MINIO_ACCESS_KEY" "$MINIO_SECRET_KEY"
# mc fails when the policy is already attached.
case $(mc admin policy entities minio --user "$MINIO_ACCESS_KEY") in
  *parley-file*) ;;
  *) mc admin policy attach minio parley-file --user "$MINIO_ACCESS_KEY" ;;
esac
