-- What Argo CD shows for an object of ecs-operator: the same as kstatus, and Suspended where the object is.
local health = { status = "Progressing", message = "Waiting for the operator" }

if obj.metadata.deletionTimestamp ~= nil then
  health.message = "Being deleted"
end

if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return health
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions or {}) do
  if condition.observedGeneration == obj.metadata.generation then
    conditions[condition.type] = condition
  end
end

local ready = conditions["Ready"]
if ready ~= nil and ready.message ~= nil then
  health.message = ready.reason .. ": " .. ready.message
end

local function is(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end

if obj.metadata.deletionTimestamp ~= nil then
  health.status = "Progressing"
elseif is("Stalled") then
  health.status = "Degraded"
elseif is("Suspended") then
  health.status = "Suspended"
elseif is("Ready") and not is("Reconciling") then
  health.status = "Healthy"
end

return health
