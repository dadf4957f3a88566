"""An electricity retailer for business: contracts of many points, meters of several registers, annexes on paper."""
