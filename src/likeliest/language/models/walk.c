/* The walk of state.py through the sorted levels of a trie, in C: the same steps on the same
   arrays, added in the same order, so that results are the same to the last bit.

   It is optional: hatch_build.py compiles it where it can, and state.py does without it. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>

#define SHIFT 32
#define MOST 64 /* levels */

typedef struct {
    Py_buffer keys, log_probs, weights, starts; /* starts: obj is NULL where they are not noted */
} Level;

typedef struct {
    PyObject_HEAD
    Py_buffer unigrams;
    Py_ssize_t n; /* levels above the unigrams */
    int floors;   /* whether a weight takes the place of the log probability (add-k) */
    Level *levels;
} Walk;

static int64_t start_of(const Level *level, int64_t place)
{
    if (level->starts.itemsize == 4)
        return ((const int32_t *)level->starts.buf)[place];
    return ((const int64_t *)level->starts.buf)[place];
}

/* The first place from `at` on, before `end`, whose key is not less. */
static int64_t lower(const int64_t *keys, int64_t wanted, int64_t at, int64_t end)
{
    while (at < end) {
        int64_t middle = at + (end - at) / 2;
        if (keys[middle] < wanted)
            at = middle + 1;
        else
            end = middle;
    }
    return at;
}

/* The place of a symbol after a context, -1 where there is none. */
static int64_t find(const Level *level, int64_t place, int64_t symbol)
{
    const int64_t *keys = level->keys.buf;
    int64_t wanted = (place << SHIFT) | symbol, at = 0, end = level->keys.len / 8;
    if (level->starts.obj != NULL) {
        at = start_of(level, place);
        end = start_of(level, place + 1);
    }
    at = lower(keys, wanted, at, end);
    return at < end && keys[at] == wanted ? at : -1;
}

static int goes_on(const Level *level, int64_t place)
{
    const int64_t *keys = level->keys.buf;
    int64_t size = level->keys.len / 8, at;
    if (level->starts.obj != NULL)
        return start_of(level, place) < start_of(level, place + 1);
    at = lower(keys, place << SHIFT, 0, size);
    return at < size && keys[at] >> SHIFT == place;
}

/* Score a symbol after `n` contexts, whose places become those after it; return their number. */
static Py_ssize_t step(const Walk *walk, int64_t *places, Py_ssize_t n, int64_t symbol,
                       double *log_prob, long *order)
{
    int64_t before = symbol, at;
    Py_ssize_t i;
    *log_prob = ((const double *)walk->unigrams.buf)[symbol];
    *order = 1;
    for (i = 0; i < n; i++) {
        const Level *level = &walk->levels[i];
        int64_t place = places[i];
        at = place < 0 ? -1 : find(level, place, symbol);
        if (at >= 0) {
            *log_prob = ((const double *)level->log_probs.buf)[at];
            *order = (long)i + 2;
        }
        else if (place >= 0) {
            double weight = ((const double *)level->weights.buf)[place];
            *log_prob = walk->floors ? weight : *log_prob + weight;
        }
        places[i] = before;
        before = at;
    }
    if (n < walk->n)
        places[n++] = before;
    return n;
}

/* Read the places of a list or a tuple; -1 with an error set where it is none of ours. */
static Py_ssize_t read_places(const Walk *walk, PyObject *from, int64_t *places)
{
    PyObject *fast = PySequence_Fast(from, "places are a sequence");
    Py_ssize_t i, n;
    if (fast == NULL)
        return -1;
    n = PySequence_Fast_GET_SIZE(fast);
    if (n > walk->n)
        n = walk->n;
    for (i = 0; i < n; i++) {
        places[i] = PyLong_AsLongLong(PySequence_Fast_GET_ITEM(fast, i));
        if (i == 0 ? places[0] >= walk->unigrams.len / 8
                   : places[i] >= walk->levels[i - 1].keys.len / 8)
            PyErr_SetString(PyExc_IndexError, "a place beyond the n-grams");
        if (PyErr_Occurred()) {
            Py_DECREF(fast);
            return -1;
        }
    }
    Py_DECREF(fast);
    return n;
}

static int is_symbol(const Walk *walk, int64_t symbol)
{
    if (symbol < walk->unigrams.len / 8)
        return 1;
    PyErr_SetString(PyExc_IndexError, "a symbol beyond the vocabulary");
    return 0;
}

PyDoc_STRVAR(total_doc, "total(numbers, places)\n--\n\n"
                        "Return the log probability of symbols after contexts.");

static PyObject *walk_total(Walk *walk, PyObject *args)
{
    PyObject *numbers, *given, *fast;
    int64_t places[MOST];
    double total = 0.0, log_prob;
    long order;
    Py_ssize_t n, i;
    if (!PyArg_ParseTuple(args, "OO", &numbers, &given))
        return NULL;
    if ((n = read_places(walk, given, places)) < 0)
        return NULL;
    if ((fast = PySequence_Fast(numbers, "numbers are a sequence")) == NULL)
        return NULL;
    for (i = 0; i < PySequence_Fast_GET_SIZE(fast); i++) {
        int64_t symbol = PyLong_AsLongLong(PySequence_Fast_GET_ITEM(fast, i));
        if ((symbol == -1 && PyErr_Occurred()) || !is_symbol(walk, symbol)) {
            Py_DECREF(fast);
            return NULL;
        }
        if (symbol < 0) {
            total = -Py_HUGE_VAL;
            break;
        }
        n = step(walk, places, n, symbol, &log_prob, &order);
        total += log_prob;
        if (symbol == 0)
            n = 0;
        while (n > 0 && places[n - 1] < 0)
            n--;
    }
    Py_DECREF(fast);
    return PyFloat_FromDouble(total);
}

PyDoc_STRVAR(step_doc, "step(places, number)\n--\n\n"
                       "Return log probability, order, and the places that can still matter.");

static PyObject *walk_step(Walk *walk, PyObject *args)
{
    PyObject *given, *found;
    int64_t places[MOST];
    long long symbol;
    double log_prob;
    long order;
    Py_ssize_t n, i;
    if (!PyArg_ParseTuple(args, "OL", &given, &symbol))
        return NULL;
    if ((n = read_places(walk, given, places)) < 0)
        return NULL;
    if (symbol < 0 || !is_symbol(walk, symbol)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_IndexError, "a symbol has a number from 0 on");
        return NULL;
    }
    n = step(walk, places, n, symbol, &log_prob, &order);
    while (n > 0) {
        const Level *level = &walk->levels[n - 1];
        int64_t place = places[n - 1];
        if (place >= 0 &&
            (((const double *)level->weights.buf)[place] != 0.0 || goes_on(level, place)))
            break;
        n--;
    }
    if ((found = PyList_New(n)) == NULL)
        return NULL;
    for (i = 0; i < n; i++) {
        PyObject *place = PyLong_FromLongLong(places[i]);
        if (place == NULL) {
            Py_DECREF(found);
            return NULL;
        }
        PyList_SET_ITEM(found, i, place);
    }
    return Py_BuildValue("dlN", log_prob, order, found);
}

static void walk_free(Walk *walk)
{
    Py_ssize_t i;
    for (i = 0; walk->levels != NULL && i < walk->n; i++) {
        PyBuffer_Release(&walk->levels[i].keys);
        PyBuffer_Release(&walk->levels[i].log_probs);
        PyBuffer_Release(&walk->levels[i].weights);
        PyBuffer_Release(&walk->levels[i].starts);
    }
    PyMem_Free(walk->levels);
    PyBuffer_Release(&walk->unigrams);
    Py_TYPE(walk)->tp_free((PyObject *)walk);
}

/* Take an array of 8 bytes an item (or also 4), contiguous. */
static int take(PyObject *from, Py_buffer *to, int also_4)
{
    if (PyObject_GetBuffer(from, to, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0)
        return -1;
    if (to->itemsize == 8 || (also_4 && to->itemsize == 4))
        return 0;
    PyErr_SetString(PyExc_TypeError, "an array has items of another size");
    return -1;
}

static PyObject *walk_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    PyObject *unigrams, *levels;
    int floors;
    Py_ssize_t i;
    Walk *walk;
    if (!PyArg_ParseTuple(args, "OO!p", &unigrams, &PyList_Type, &levels, &floors))
        return NULL;
    if (PyList_GET_SIZE(levels) > MOST) {
        PyErr_SetString(PyExc_ValueError, "too many levels");
        return NULL;
    }
    if ((walk = (Walk *)type->tp_alloc(type, 0)) == NULL) /* all 0 */
        return NULL;
    walk->floors = floors;
    walk->n = PyList_GET_SIZE(levels);
    walk->levels = PyMem_Calloc((size_t)walk->n + 1, sizeof(Level));
    if (walk->levels == NULL || take(unigrams, &walk->unigrams, 0) < 0)
        goto failed;
    for (i = 0; i < walk->n; i++) {
        PyObject *keys, *log_probs, *weights, *starts;
        Level *level = &walk->levels[i];
        Py_ssize_t contexts = (i ? walk->levels[i - 1].keys.len : walk->unigrams.len) / 8;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(levels, i), "OOOO", &keys, &log_probs, &weights,
                              &starts))
            goto failed;
        if (take(keys, &level->keys, 0) < 0 || take(log_probs, &level->log_probs, 0) < 0 ||
            take(weights, &level->weights, 0) < 0)
            goto failed;
        if (starts != Py_None && take(starts, &level->starts, 1) < 0)
            goto failed;
        if (level->log_probs.len != level->keys.len || level->weights.len != contexts * 8 ||
            (starts != Py_None && level->starts.len != (contexts + 1) * level->starts.itemsize)) {
            PyErr_SetString(PyExc_ValueError, "the arrays of a level do not fit together");
            goto failed;
        }
    }
    return (PyObject *)walk;
failed:
    if (!PyErr_Occurred())
        PyErr_NoMemory();
    Py_DECREF(walk);
    return NULL;
}

static PyMethodDef methods[] = {{"total", (PyCFunction)walk_total, METH_VARARGS, total_doc},
                                {"step", (PyCFunction)walk_step, METH_VARARGS, step_doc},
                                {NULL, NULL, 0, NULL}};

static PyTypeObject WalkType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "likeliest.language.models._walk.Walk",
    .tp_doc = "The n-grams of a model, to be walked through one symbol after another.",
    .tp_basicsize = sizeof(Walk),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = walk_new,
    .tp_dealloc = (destructor)walk_free,
    .tp_methods = methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "_walk", .m_size = -1};

PyMODINIT_FUNC PyInit__walk(void)
{
    PyObject *made;
    if (PyType_Ready(&WalkType) < 0 || (made = PyModule_Create(&module)) == NULL)
        return NULL;
    if (PyModule_AddObjectRef(made, "Walk", (PyObject *)&WalkType) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}
