"""The losses under the names and with the arguments of torch.nn.functional."""
