"""Run the command line as ``python -m communique``."""

from communique.interruption import leave_at_interrupts


def main() -> None:
    """Run the command line and leave with its exit code; Ctrl-C is heard from here on."""
    leave_at_interrupts()
    from communique.cli import main as run_command_line

    run_command_line()


if __name__ == "__main__":
    main()
