# The simulator as an image, for clusters in which the operator is a pod.
ARG BASE
FROM ${BASE}
COPY simulator.mjs /
COPY node_modules/ /node_modules/
USER 65532:65532
EXPOSE 4580
ENTRYPOINT ["node", "/simulator.mjs", "--host=0.0.0.0", "--port=4580"]
