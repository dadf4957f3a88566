"""What stands behind `./run`: standard library only, so that it works before the environment exists."""
