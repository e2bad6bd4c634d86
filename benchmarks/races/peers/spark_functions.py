"""What the Python workers of Spark import: arrow functions, and one ONNX Runtime session a model and process."""
import functools

import pyarrow

KINDS = {"tensor(float)": "float32", "tensor(double)": "float64"}


@functools.lru_cache
def runtime(model):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def first(*columns: pyarrow.Array) -> pyarrow.Array:
    """Computes nothing."""
    return columns[0]


def scorer(model):
    """The probability of the last class by an ONNX file, whose inputs are one matrix or a column each."""

    def score(*columns: pyarrow.Array) -> pyarrow.Array:
        import numpy

        session = runtime(model)
        inputs = session.get_inputs()
        if len(inputs) == 1:
            matrix = numpy.stack([c.to_numpy(zero_copy_only=False) for c in columns], axis=1)
            fed = {inputs[0].name: matrix.astype(KINDS[inputs[0].type], copy=False).reshape(-1, *inputs[0].shape[1:])}
        else:
            fed = {i.name: c.to_numpy(zero_copy_only=False).astype(KINDS[i.type], copy=False).reshape(-1, 1) for i, c in zip(inputs, columns)}
        return pyarrow.array(session.run([session.get_outputs()[1].name], fed)[0][:, -1].astype("float64"))

    return score
