import { createService } from './create-service.ts';
import { runTask } from './run-task.ts';
import {
  continueServiceDeployment,
  describeServiceDeployments,
  listServiceDeployments,
  stopServiceDeployment,
} from './service-deployment-operations.ts';
import { describeServiceRevisions } from './service-revisions.ts';
import { deleteService, describeServices, listServices } from './services.ts';
import { getTaskProtection, updateTaskProtection } from './task-protection.ts';
import {
  createTaskSet,
  deleteTaskSet,
  describeTaskSets,
  updateServicePrimaryTaskSet,
  updateTaskSet,
} from './task-sets.ts';
import { describeTasks, listTasks, stopTaskByUser } from './tasks.ts';
import { updateService } from './update-service.ts';
import type { Operation } from './world.ts';

/** Every action on services, their deployments and tasks, by its API name. */
export const SERVICE_OPERATIONS: Record<string, Operation> = {
  CreateService: createService,
  UpdateService: updateService,
  DeleteService: deleteService,
  DescribeServices: describeServices,
  ListServices: listServices,
  ListServiceDeployments: listServiceDeployments,
  DescribeServiceDeployments: describeServiceDeployments,
  ContinueServiceDeployment: continueServiceDeployment,
  StopServiceDeployment: stopServiceDeployment,
  DescribeServiceRevisions: describeServiceRevisions,
  ListTasks: listTasks,
  DescribeTasks: describeTasks,
  StopTask: stopTaskByUser,
  RunTask: runTask,
  GetTaskProtection: getTaskProtection,
  UpdateTaskProtection: updateTaskProtection,
  CreateTaskSet: createTaskSet,
  DescribeTaskSets: describeTaskSets,
  UpdateTaskSet: updateTaskSet,
  UpdateServicePrimaryTaskSet: updateServicePrimaryTaskSet,
  DeleteTaskSet: deleteTaskSet,
};
