"""Run in a process of its own: a template and JSON on the standard input become a PDF on the standard output.

Nothing of Maillage is imported here, and typst is imported nowhere else: its fonts and its cache take 290 MB after a few
documents, and its rare panics stop this process only.
"""

import resource
import sys

CPU_SECONDS = 60  # of all threads together
NO_PACKAGES = "/nonexistent"


def main() -> None:
    """Compile `argv[1]` within the folder `argv[2]`."""
    template, root = sys.argv[1:3]
    data = sys.stdin.buffer.read().decode()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the text in the clear
    import typst  # noqa: PLC0415 - after the limits, which bind it

    pdf = typst.compile(
        template,
        root=root,
        ignore_system_fonts=True,
        package_path=NO_PACKAGES,
        package_cache_path=NO_PACKAGES,
        sys_inputs={"data": data},
        pdf_standards=["1.7", "ua-1"],
        timestamp=0,
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
