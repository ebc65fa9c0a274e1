// An old image, migrated to HVM, for other stacks to run.
package main

import (
	"example.com/pulumi-pv-to-hvm/sdk/go/pvtohvm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg := config.New(ctx, "")
		var allowedCidrs []string
		cfg.RequireObject("allowedCidrs", &allowedCidrs)

		migration, err := pvtohvm.NewPvToHvmMigration(ctx, "web", &pvtohvm.PvToHvmMigrationArgs{
			Source: pvtohvm.SourceArgs{ImageId: pulumi.String(cfg.Require("sourceImageId"))},
			Helper: pvtohvm.HelperArgs{
				SubnetId:     pulumi.String(cfg.Require("helperSubnetId")),
				AllowedCidrs: pulumi.ToStringArray(allowedCidrs),
			},
		})
		if err != nil {
			return err
		}

		// It resolves once the image has booted on the helper: no stack that reads it gets an image which has not.
		ctx.Export("imageId", migration.ImageId)
		return nil
	})
}
