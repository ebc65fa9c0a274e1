// Old machines from a list, migrated to HVM, a few at a time.
package main

import (
	"example.com/pulumi-pv-to-hvm/sdk/go/pvtohvm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

// machine is one line of the list: an image, or the instance itself, which may be stopped for its snapshot.
type machine struct {
	Name       string  `json:"name"`
	ImageID    *string `json:"imageId"`
	InstanceID *string `json:"instanceId"`
	StopFirst  *bool   `json:"stopFirst"`
}

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg := config.New(ctx, "")
		helpersAtOnce := cfg.RequireInt("helpersAtOnce")
		var allowedCidrs []string
		cfg.RequireObject("allowedCidrs", &allowedCidrs)
		var machines []machine
		cfg.RequireObject("machines", &machines)

		imageIDs := pulumi.StringMap{}
		var helperIDs pulumi.StringArray
		for i, m := range machines {
			var waitFor pulumi.StringArray
			if helpersAtOnce > 0 && i >= helpersAtOnce {
				// The migration so many places before: once its helper is at rest, this one may have one. 0 is no limit.
				waitFor = helperIDs[i-helpersAtOnce : i-helpersAtOnce+1]
			}
			migration, err := pvtohvm.NewPvToHvmMigration(ctx, m.Name, &pvtohvm.PvToHvmMigrationArgs{
				Source: pvtohvm.SourceArgs{
					ImageId:    pulumi.StringPtrFromPtr(m.ImageID),
					InstanceId: pulumi.StringPtrFromPtr(m.InstanceID),
					StopFirst:  m.StopFirst,
				},
				Helper: pvtohvm.HelperArgs{
					SubnetId:     pulumi.String(cfg.Require("helperSubnetId")),
					AllowedCidrs: pulumi.ToStringArray(allowedCidrs),
					WaitFor:      waitFor,
				},
			})
			if err != nil {
				return err
			}
			helperIDs = append(helperIDs, migration.HelperId.Elem())
			imageIDs[m.Name] = migration.ImageId.Elem()
		}

		ctx.Export("imageIds", imageIDs)
		return nil
	})
}
