"""Traffic that comes at its own pace, however slowly it is answered."""
