# Node only fetches the front-end libraries, pip only builds the environment: neither reaches the last stage
FROM node:22-slim AS libraries
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim AS packages
COPY requirements/run.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r run.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home /app floor
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=libraries /app/node_modules node_modules
COPY . .
# The key is thrown away with the process: collecting files signs nothing
RUN SECRET_KEY="$(head -c 60 /dev/urandom | base64 -w 0)" SITE_URL=http://127.0.0.1:8000 python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p var/private var/mail && chown -R floor var
USER floor
EXPOSE 8000
CMD ["gunicorn", "--config", "python:floorprogram.gunicorn", "floorprogram.wsgi"]
