# Two stages: the first has pip, the second only Python and what was installed.
FROM python:3.11-slim-bookworm AS build
ARG TORCH_INDEX=""
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY answers answers
COPY sim sim
# TORCH_INDEX: the address of PyTorch's CPU wheels; without it PyPI's build brings several GB of CUDA.
RUN python -m venv /opt/backchat \
 && /opt/backchat/bin/pip install --no-cache-dir -c constraints.txt ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} . \
 && /opt/backchat/bin/pip uninstall -y pip

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="backchat" \
      org.opencontainers.image.description="Executable answers for deep-learning courses" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/backchat backchat
COPY --from=build /opt/backchat /opt/backchat
ENV PATH=/opt/backchat/bin:$PATH \
    BACKCHAT_DATA=/var/lib/backchat \
    MPLCONFIGDIR=/tmp/matplotlib \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER backchat
WORKDIR /var/lib/backchat
VOLUME /var/lib/backchat
STOPSIGNAL SIGTERM
ENTRYPOINT ["backchat"]
CMD ["run"]
